using CnnService.Core.Common;

namespace CnnService.Web.Features.Visualize;

/// <summary>Rules and defaults shared by several routes.</summary>
internal static class QueryRules
{
    private const int DefaultWait = 30;
    private const int MaxWait = 300;

    /// <summary>How long a client waits for a result.</summary>
    public static TimeSpan Patience(int? wait) => TimeSpan.FromSeconds(wait ?? DefaultWait);

    public static void CheckWait(this ValidationErrors errors, int? wait) => errors.CheckRange(wait, 0, MaxWait, "wait");

    public static void CheckRange(this ValidationErrors errors, int? value, int min, int max, string name) =>
        errors.Require(value is null || (value >= min && value <= max), name, $"must be between {min} and {max}, received {value}");
}
