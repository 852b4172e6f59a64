using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Hosting;

/// <summary>What this process does.</summary>
internal sealed class RoleOptions : IValidatableObject
{
    public const string Section = "Host";

    public const string Api = "api";

    public const string Worker = "worker";

    /// <summary><c>api</c>, <c>worker</c>; none named: both. Split roles need PostgreSQL and a shared data directory.</summary>
    public IList<string> Roles { get; set; } = [];

    public bool IsApi => Roles.Count == 0 || Roles.Contains(Api);

    public bool IsWorker => Roles.Count == 0 || Roles.Contains(Worker);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Roles
        .Where(role => role is not (Api or Worker))
        .Select(role => new ValidationResult($"Host:Roles knows '{Api}' and '{Worker}', received '{role}'."));
}
