using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Artifacts;

/// <summary>Registers the data folders and file caches.</summary>
internal static class ArtifactServices
{
    /// <summary>Registers the data folders, which are created when the service starts.</summary>
    public static DataFolders AddDataFolders(this WebApplicationBuilder builder)
    {
        var folders = new DataFolders(builder.Configuration[DataFolders.Setting] ?? DataFolders.Default);
        builder.Services.AddSingleton(folders);
        return folders;
    }

    /// <summary>Registers the disk cache of rendered images, which persists across restarts.</summary>
    public static IServiceCollection AddDrawnImages(this IServiceCollection services, DataFolders folders)
    {
        services.AddOptions<DiskImageCacheOptions>().Configure(options => options.Folder = folders.ImageCache)
            .BindConfiguration(DiskImageCacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new DiskImageCache(
            provider.GetRequiredService<IOptions<DiskImageCacheOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<IImageCache>(provider => provider.GetRequiredService<DiskImageCache>());
    }
}
