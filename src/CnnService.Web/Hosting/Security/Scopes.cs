namespace CnnService.Web.Hosting.Security;

/// <summary>What a key may do; also the names of the authorization policies that endpoints require.</summary>
internal static class Scopes
{
    /// <summary>Look at data sets, runs, models and pictures of networks.</summary>
    public const string Read = "read";

    /// <summary>Send pictures to a model.</summary>
    public const string Classify = "classify";

    /// <summary>Bring data sets, start and stop runs.</summary>
    public const string Train = "train";

    /// <summary>Everything, deleting included.</summary>
    public const string Admin = "admin";

    /// <summary>The type of the claim that carries a scope.</summary>
    public const string Claim = "scope";

    public static IReadOnlyList<string> All { get; } = [Read, Classify, Train, Admin];
}
