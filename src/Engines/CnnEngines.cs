using CnnService.Imaging;
using CnnService.Imaging.Codec;
using CnnService.Imaging.Import;
using CnnService.Onnx;
using CnnService.Onnx.Serving;
using CnnService.Torch;
using CnnService.Torch.Native;

namespace CnnService.Engines;

/// <summary>
/// The engines with their settings, put together once for the service, its child processes and the command line. The executables
/// compile this file, since no project that both of them see may see all engines.
/// </summary>
internal static class CnnEngines
{
    /// <summary>The sections of the settings that the engines read; a child process is given these.</summary>
    public static readonly string[] Sections = [ImagingOptions.Section, ImportOptions.Section, TorchOptions.Section, ServingOptions.Section];

    /// <summary>
    /// Imaging, Torch and ONNX, and the flows that need nothing besides. The container must hold an IConfiguration, from which the
    /// options are bound; they are checked at start. It owns native memory: dispose it asynchronously.
    /// </summary>
    /// <param name="services">What is added to.</param>
    /// <param name="pixelCacheFolder">Where decoded images are kept if <c>Imaging:PixelCacheFolder</c> names no folder; null: the options' own default.</param>
    public static IServiceCollection AddCnnEngines(this IServiceCollection services, string? pixelCacheFolder = null)
    {
        services.AddImaging().AddTorch().AddOnnx();
        services.AddOptions<ImagingOptions>().Configure(options => options.PixelCacheFolder = pixelCacheFolder ?? options.PixelCacheFolder)
            .BindConfiguration(ImagingOptions.Section).ValidateOnStart();
        services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateOnStart();
        services.AddOptions<TorchOptions>().BindConfiguration(TorchOptions.Section).ValidateOnStart();
        services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateOnStart();
        return services.AddCnnFlows();
    }
}
