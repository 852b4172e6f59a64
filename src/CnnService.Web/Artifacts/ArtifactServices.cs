using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Artifacts;

/// <summary>Registers the data folders and file caches.</summary>
internal static class ArtifactServices
{
    /// <summary>Registers the data folders, which are created when the service starts.</summary>
    public static DataFolders AddDataFolders(this WebApplicationBuilder builder)
    {
        var folders = CreateFolders(builder.Configuration);
        builder.Services.AddArtifactRules(builder.Configuration).AddSingleton(folders);
        return folders;
    }

    /// <summary>Registers the rules that the settings of the store must keep, checked by <see cref="IStartupValidator"/>.</summary>
    public static IServiceCollection AddArtifactRules(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ArtifactOptions>().BindConfiguration(ArtifactOptions.Section).ValidateDataAnnotations()
            .Validate(
                options => !options.AreApart || configuration.GetConnectionString("Postgres") is { Length: > 0 },
                "Artifacts:Store=s3 and Artifacts:Folder are for many machines, and need ConnectionStrings:Postgres.")
            .ValidateOnStart();
        return services;
    }

    /// <summary>The data folders that settings describe, with the store of artifacts behind them.</summary>
    public static DataFolders CreateFolders(IConfiguration configuration)
    {
        var root = Path.GetFullPath(configuration[DataFolders.Setting] ?? DataFolders.Default);
        var options = Read(configuration.GetSection(ArtifactOptions.Section));
        return new DataFolders(root) { Copies = new(StoreOf(options), root, options, TimeProvider.System) };
    }

    /// <summary>What cannot be read is told when the options are validated.</summary>
    private static ArtifactOptions Read(IConfigurationSection section)
    {
        try
        {
            return section.Get<ArtifactOptions>() ?? new();
        }
        catch (InvalidOperationException)
        {
            return new();
        }
    }

    /// <summary>Null: the data directory holds the files themselves. Its options may not be valid; then it is never used.</summary>
    private static IArtifactStore? StoreOf(ArtifactOptions options) => options switch
    {
        { Store: ArtifactStoreKind.S3 } when Uri.TryCreate(options.S3.Endpoint, UriKind.Absolute, out _) =>
            new S3Store(options.S3, Math.Max(1, options.Concurrency)),
        { Store: ArtifactStoreKind.Files, Folder.Length: > 0 } =>
            new FolderStore(Path.GetFullPath(options.Folder), Math.Max(1, options.Concurrency)),
        _ => null,
    };

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
