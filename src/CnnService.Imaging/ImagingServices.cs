using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging.Cache;
using CnnService.Imaging.Codec;
using CnnService.Imaging.Import;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Imaging;

/// <summary>Registers decoding, import and the pixel cache.</summary>
public static class ImagingServices
{
    public static IServiceCollection AddImaging(this IServiceCollection services)
    {
        services.AddOptions<ImagingOptions>().ValidateDataAnnotations();
        services.AddOptions<ImportOptions>().ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPngEncoder, PngEncoder>();
        return services
            .AddSingleton<IImageDecoder, SkiaImageDecoder>()
            .AddSingleton<IThumbnailer, SkiaThumbnailer>()
            .AddSingleton<PixelCache>()
            .AddSingleton<IPixelCache>(provider => provider.GetRequiredService<PixelCache>())
            .AddSingleton<IDatasetImporter, DatasetImporter>()
            .AddSingleton<IDatasetEditor, DatasetEditor>();
    }
}
