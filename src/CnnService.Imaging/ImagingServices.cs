using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging.Cache;
using CnnService.Imaging.Codec;
using CnnService.Imaging.Drawing;
using CnnService.Imaging.Import;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging;

/// <summary>Registers decoding, import, drawing and the pixel cache.</summary>
public static class ImagingServices
{
    public static IServiceCollection AddImaging(this IServiceCollection services)
    {
        services.AddOptions<ImagingOptions>().ValidateDataAnnotations();
        services.AddOptions<ImportOptions>().ValidateDataAnnotations();
        services.AddOptions<DrawingOptions>();
        services.AddSingleton<IValidateOptions<DrawingOptions>, DrawingOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPngEncoder, PngEncoder>();
        return services
            .AddSingleton<IImageDecoder, SkiaImageDecoder>()
            .AddSingleton<IThumbnailer, SkiaThumbnailer>()
            .AddSingleton<Typefaces>()
            .AddSingleton<IFigureRenderer, FigureRenderer>()
            .AddSingleton<PixelCache>()
            .AddSingleton<IPixelCache>(provider => provider.GetRequiredService<PixelCache>())
            .AddSingleton<SourceFiles>()
            .AddSingleton<IDatasetImporter, DatasetImporter>()
            .AddSingleton<IDatasetInspector, DatasetInspector>()
            .AddSingleton<IDatasetEditor, DatasetEditor>();
    }
}
