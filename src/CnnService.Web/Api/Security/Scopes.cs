namespace CnnService.Web.Api.Security;

/// <summary>Scopes of API keys, also the names of the authorization policies; admin includes all.</summary>
internal static class Scopes
{
    public const string Read = "read";

    public const string Classify = "classify";

    public const string Train = "train";

    public const string Admin = "admin";

    public static readonly string[] All = [Read, Classify, Train, Admin];

    /// <summary>The scopes that a scope includes, itself among them: classify and train include read.</summary>
    public static IEnumerable<string> Implied(string scope) => scope switch
    {
        Admin => All,
        Train => [Train, Classify, Read],
        Classify => [Classify, Read],
        _ => [Read],
    };
}
