namespace CnnService.Web.Api.Security;

/// <summary>What a key may do. A scope is the name of an authorization policy too; admin includes all.</summary>
internal static class Scopes
{
    public const string Read = "read";

    public const string Classify = "classify";

    public const string Train = "train";

    public const string Admin = "admin";

    public static readonly string[] All = [Read, Classify, Train, Admin];

    /// <summary>Whoever may classify or train may read.</summary>
    public static IEnumerable<string> Implied(string scope) => scope switch
    {
        Admin => All,
        Train => [Train, Classify, Read],
        Classify => [Classify, Read],
        _ => [Read],
    };
}
