using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Hosting;

/// <summary>The roles of this process, section <c>Host</c>.</summary>
internal sealed class RoleOptions : IValidatableObject
{
    public const string Section = "Host";

    public const string Api = "api";

    public const string Worker = "worker";

    /// <summary><c>api</c> and/or <c>worker</c>; empty: both. Separate roles require PostgreSQL and a shared data directory.</summary>
    public IList<string> Roles { get; set; } = [];

    /// <summary>
    /// How long a service that was told to stop goes on answering, so that whoever sends it requests notices that it is not ready. 0 to
    /// 1 min, default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(1);

    public bool IsApi => Roles.Count == 0 || Roles.Contains(Api);

    /// <summary>Most connections to PostgreSQL at once; a worker has one more, on which it listens.</summary>
    public int Connections => IsApi ? 20 : 5;

    public bool IsWorker => Roles.Count == 0 || Roles.Contains(Worker);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Roles
        .Where(role => role is not (Api or Worker))
        .Select(role => new ValidationResult($"Host:Roles knows '{Api}' and '{Worker}', received '{role}'."));
}
