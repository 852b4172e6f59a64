using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Api.Security;

/// <summary>API keys. Without any, the service listens on loopback only and clients have all scopes.</summary>
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
                yield return new ValidationResult(
                    $"Auth:Keys:{index}:Sha256 must be the key's SHA-256 in 64 hex digits ('cnn key new' makes both).");
            }

            if (key.Scopes.Count == 0 || key.Scopes.Any(scope => !Scopes.All.Contains(scope)))
            {
                yield return new ValidationResult(
                    $"Auth:Keys:{index}:Scopes must name at least one of {string.Join(", ", Scopes.All)}, received "
                    + $"'{string.Join(", ", key.Scopes)}'.");
            }
        }
    }
}

/// <summary>An API key, of which only the hash is stored.</summary>
internal sealed class ApiKey
{
    /// <summary>Identifies the key in logs and rate limits; not secret.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>SHA-256 of the key's UTF-8 bytes, in hexadecimal.</summary>
    public string Sha256 { get; set; } = string.Empty;

    public IList<string> Scopes { get; set; } = [];
}
