using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting.Security;

/// <summary>Refuses entries that would never match, match by accident, or allow what nobody meant.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    private const int HashDigits = 64;

    private const int MostNameLength = 64;

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var failures = options.Keys.SelectMany(Faults).Concat(Doubles(options)).ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Faults(ApiKey key, int index)
    {
        var at = $"Auth:Keys:{index}";
        if (key.Name.Length is < 1 or > MostNameLength || key.Name.Any(char.IsControl))
        {
            yield return $"{at}:Name must be 1 to {MostNameLength} characters, received {key.Name.Length}.";
        }

        // The value is not repeated: someone may have put the key itself there.
        if (key.Sha256.Length != HashDigits || !key.Sha256.All(char.IsAsciiHexDigit))
        {
            yield return $"{at}:Sha256 must be the SHA-256 of the key, {HashDigits} hexadecimal digits, received {key.Sha256.Length} characters.";
        }

        if (key.Scopes.Count == 0 || key.Scopes.Except(Scopes.All).Any())
        {
            yield return $"{at}:Scopes must be some of {string.Join(", ", Scopes.All)}, received '{string.Join(", ", key.Scopes)}'.";
        }
    }

    private static IEnumerable<string> Doubles(AuthOptions options) =>
    [
        .. Repeated(options.Keys.Select(key => key.Name)).Select(name => $"Auth:Keys must have different names, received '{name}' twice."),
        .. Repeated(options.Keys.Where(key => key.Sha256.Length > 0).Select(key => key.Sha256.ToUpperInvariant()))
            .Select(_ => "Auth:Keys must have different hashes, received one twice."),
    ];

    private static IEnumerable<string> Repeated(IEnumerable<string> values) =>
        values.GroupBy(value => value, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);
}
