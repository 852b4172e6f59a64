namespace CnnService.Web.Api.Security;

/// <summary>Paths of the pages for browsers.</summary>
internal static class ServicePages
{
    /// <summary>The page for people; / leads there.</summary>
    public const string Studio = "/studio";

    public const string Docs = "/swagger";

    public const string Jobs = "/hangfire";
}
