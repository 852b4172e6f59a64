using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Imaging;
using CnnService.Imaging.Import;
using CnnService.Onnx;
using CnnService.Onnx.Serving;
using CnnService.Torch;
using CnnService.Torch.Native;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Hosting;

/// <summary>The engines, with their settings and folders.</summary>
internal static class ServiceSettings
{
    /// <summary>The data folders; <see cref="ServiceRun"/> makes those that are missing.</summary>
    public static DataFolders AddDataFolders(this WebApplicationBuilder builder)
    {
        var folders = new DataFolders(builder.Configuration[DataFolders.Setting] ?? DataFolders.Default);
        builder.Services.AddSingleton(folders);
        return folders;
    }

    public static RoleOptions AddRoles(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RoleOptions>().BindConfiguration(RoleOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var roles = builder.Configuration.GetSection(RoleOptions.Section).Get<RoleOptions>() ?? new RoleOptions();
        builder.Services.AddSingleton(roles);
        return roles;
    }

    public static IServiceCollection AddEngines(this IServiceCollection services, DataFolders folders)
    {
        services.AddImaging().AddTorch().AddOnnx();
        services.AddOptions<ImagingOptions>().Configure(options => options.PixelCacheFolder = folders.PixelCache)
            .BindConfiguration(ImagingOptions.Section).ValidateOnStart();
        services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateOnStart();
        services.AddOptions<TorchOptions>().BindConfiguration(TorchOptions.Section).ValidateOnStart();
        services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateOnStart();
        services.AddOptions<DiskPictureCacheOptions>().Configure(options => options.Folder = folders.PictureCache)
            .BindConfiguration(DiskPictureCacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new DiskPictureCache(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<DiskPictureCacheOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPictureCache>(provider => provider.GetRequiredService<DiskPictureCache>());
        return services.AddSingleton<Explainer>().AddSingleton<ExplanationPipeline>().AddSingleton<VisualizationPipeline>().AddSingleton<ClassPictures>().AddSingleton<Core.Interpretation.Timelapse.FilmPipeline>().AddSingleton<AugmentationPreview>()
            .AddSingleton<LayerScanner>().AddSingleton<Core.Interpretation.Patterns.PatternJudge>().AddSingleton<Core.Interpretation.ReceptiveFields.EffectiveFields>().AddSingleton<Core.Interpretation.Examples.ExamplePicture>().AddSingleton<Core.Interpretation.Projection.LayerProjector>().AddSingleton<Core.Classification.Bulk.BulkClassification>();
    }
}
