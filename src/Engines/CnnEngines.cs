using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Imaging;
using CnnService.Imaging.Codec;
using CnnService.Imaging.Drawing;
using CnnService.Imaging.Import;
using CnnService.Onnx;
using CnnService.Onnx.Serving;
using CnnService.Torch;
using CnnService.Torch.Native;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CnnService.Engines;

/// <summary>
/// Registers the engines with their settings, in the same way for the service, its child processes and the command line. The source file is
/// compiled into each executable, because no common project may reference all engines.
/// </summary>
internal static class CnnEngines
{
    /// <summary>Configuration sections that the engines read; passed on to child processes.</summary>
    public static readonly string[] Sections = [ImagingOptions.Section, ImportOptions.Section, TorchOptions.Section,
        ServingOptions.Section, StartOptions.Section, DrawingOptions.Section, GpuOptions.Section];

    /// <summary>
    /// Registers the imaging, TorchSharp and ONNX engines and the flows that need no further services. Options are bound from the
    /// container's IConfiguration and validated at start. The container owns native memory: dispose it asynchronously.
    /// </summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="pixelCacheFolder">
    /// Default folder for decoded images if <c>Imaging:PixelCacheFolder</c> is not set; null: the default of the options.
    /// </param>
    /// <param name="startsFolder">
    /// Default folder for the packages made of trained starts if <c>Starts:PreparedFolder</c> is not set; null: the default of the options.
    /// </param>
    public static IServiceCollection AddCnnEngines(
        this IServiceCollection services, string? pixelCacheFolder = null, string? startsFolder = null)
    {
        services.AddImaging().AddTorch().AddOnnx();
        services.AddOptions<ImagingOptions>().Configure(options => options.PixelCacheFolder = pixelCacheFolder ?? options.PixelCacheFolder)
            .BindConfiguration(ImagingOptions.Section).ValidateOnStart();
        services.AddOptions<DrawingOptions>().BindConfiguration(DrawingOptions.Section).ValidateOnStart();
        services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateOnStart();
        services.AddOptions<TorchOptions>().BindConfiguration(TorchOptions.Section).ValidateOnStart();
        services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section)
            .PostConfigure<Microsoft.Extensions.Configuration.IConfiguration>((serving, settings) => serving.Cuda.UseLibrariesBeside(
                settings[$"{TorchOptions.Section}:{nameof(TorchOptions.LibraryPath)}"] ?? string.Empty))
            .ValidateOnStart();
        services.AddOptions<StartOptions>().Configure(options => options.PreparedFolder = startsFolder ?? options.PreparedFolder)
            .BindConfiguration(StartOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StartOptions>>().Value.ToFolders());
        services.AddOptions<GpuOptions>().BindConfiguration(GpuOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(GpuDivision.Undivided);
        services.AddSingleton<GpuUse>().AddSingleton<IDrawingDevice, DrawingDevice>();
        return services.AddCnnFlows();
    }

    /// <summary>
    /// Divides the GPU's memory between what this process does and the trainings that it starts. Without it nothing is limited.
    /// </summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="serves">Whether this process serves models and draws.</param>
    /// <param name="trains">Whether it starts trainings.</param>
    public static IServiceCollection AddGpuDivision(this IServiceCollection services, bool serves, bool trains)
    {
        services.AddSingleton(
            provider => GpuDivision.Create(provider.GetRequiredService<IOptions<GpuOptions>>().Value, serves, trains));
        services.AddOptions<ServingOptions>()
            .PostConfigure<GpuDivision, IGpuMemory>((options, division, gpus) => division.Limit(options, gpus));
        services.AddOptions<TorchOptions>().PostConfigure<GpuDivision>((options, division) => division.Limit(options));
        return services;
    }
}
