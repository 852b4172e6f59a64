using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Onnx;

/// <summary>Registers export and serving.</summary>
public static class OnnxServices
{
    public static IServiceCollection AddOnnx(this IServiceCollection services)
    {
        services.AddOptions<ServingOptions>().ValidateDataAnnotations();
        return services
            .AddSingleton<IModelExporter, OnnxExporter>()
            .AddSingleton<IOnnxRunnerFactory, OnnxRunnerFactory>()
            .AddSingleton<IClassifier, OnnxClassifier>()
            .AddSingleton<IFeatureMapReader, FeatureMapReader>();
    }
}
