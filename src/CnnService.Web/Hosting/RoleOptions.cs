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

    public bool IsApi => Roles.Count == 0 || Roles.Contains(Api);

    public bool IsWorker => Roles.Count == 0 || Roles.Contains(Worker);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Roles
        .Where(role => role is not (Api or Worker))
        .Select(role => new ValidationResult($"Host:Roles knows '{Api}' and '{Worker}', received '{role}'."));
}
