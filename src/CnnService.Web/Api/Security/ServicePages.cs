namespace CnnService.Web.Api.Security;

/// <summary>Paths of the pages for browsers.</summary>
internal static class ServicePages
{
    public const string Docs = "/swagger";

    public const string Jobs = "/hangfire";
}
