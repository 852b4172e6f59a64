namespace CnnService.Studio.Browser;

/// <summary>What browsers give to JavaScript alone, a small module and a class a feature.</summary>
internal static class BrowserServices
{
    public static IServiceCollection AddBrowser(this IServiceCollection services) => services
        .AddScoped<BrowserStorage>()
        .AddScoped<BlobAddresses>()
        .AddScoped<Dropping>()
        .AddScoped<Clipboard>();
}
