namespace CnnService.Web.Api.Security;

/// <summary>Paths of the pages for browsers.</summary>
internal static class ServicePages
{
    /// <summary>The page for people; / leads there.</summary>
    public const string Studio = "/studio";

    public const string Swagger = "/swagger";

    /// <summary>The manual.</summary>
    public const string Manual = "/docs";

    public const string Jobs = "/hangfire";
}
