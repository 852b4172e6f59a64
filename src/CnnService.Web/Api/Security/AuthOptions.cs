using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Api.Security;

/// <summary>Who may use the service. Without keys it listens on loopback only, and whoever reaches it there may do all.</summary>
internal sealed class AuthOptions : IValidatableObject
{
    public const string Section = "Auth";

    public IList<ApiKey> Keys { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (key, index) in Keys.Select((key, index) => (key, index)))
        {
            if (string.IsNullOrWhiteSpace(key.Name))
            {
                yield return new ValidationResult($"Auth:Keys:{index}:Name must be given.");
            }

            if (key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigit))
            {
                yield return new ValidationResult($"Auth:Keys:{index}:Sha256 must be the key's SHA-256 in 64 hex digits ('cnn key new' makes both).");
            }

            if (key.Scopes.Count == 0 || key.Scopes.Any(scope => !Scopes.All.Contains(scope)))
            {
                yield return new ValidationResult($"Auth:Keys:{index}:Scopes must name at least one of {string.Join(", ", Scopes.All)}, received '{string.Join(", ", key.Scopes)}'.");
            }
        }
    }
}

/// <summary>A key, known by its hash alone.</summary>
internal sealed class ApiKey
{
    /// <summary>For logs and limits; no secret.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>SHA-256 of the key's UTF-8 bytes, hex.</summary>
    public string Sha256 { get; set; } = string.Empty;

    public IList<string> Scopes { get; set; } = [];
}
