using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Persistence;

/// <summary>Settings of the verification of published models.</summary>
internal sealed class ModelVerificationOptions
{
    public const string Section = "Models";

    /// <summary>
    /// Time between two checks of all files of all versions against their hashes; the first is at the start. 1 min to 30 days, default 1
    /// day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan VerifyEvery { get; set; } = TimeSpan.FromDays(1);
}
