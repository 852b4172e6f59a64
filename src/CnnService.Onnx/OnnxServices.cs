using CnnService.Core.Classification;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Quantization;
using CnnService.Core.Models.Starts;
using CnnService.Onnx.Export;
using CnnService.Onnx.Gradients;
using CnnService.Onnx.Import;
using CnnService.Onnx.Quantization;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Onnx;

/// <summary>Registers the ONNX export, import, gradients and serving.</summary>
public static class OnnxServices
{
    /// <summary>The caller binds <see cref="ServingOptions"/>. The container owns native memory: dispose it asynchronously.</summary>
    public static IServiceCollection AddOnnx(this IServiceCollection services)
    {
        NoTelemetry.Apply();
        services.AddOptions<ServingOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IBatchingSettings, NoSettings>();
        return services
            .AddSingleton<IModelExporter, OnnxExporter>()
            .AddSingleton<IModelQuantizer, OnnxQuantizer>()
            .AddSingleton<IOnnxTranslator, OnnxTranslator>()
            .AddSingleton<IOnnxConstants, OnnxConstants>()
            .AddSingleton<IOnnxRunnerFactory, OnnxRunnerFactory>()
            .AddSingleton<IServingDevice, ServingDevice>()
            .AddSingleton<BatchingPlans>()
            .AddSingleton<ModelInstanceCache>()
            .AddSingleton<IClassifier>(provider => provider.GetRequiredService<ModelInstanceCache>())
            .AddSingleton<IServingRuns>(provider => provider.GetRequiredService<ModelInstanceCache>())
            .AddSingleton<IFeatureMapReader, FeatureMapReader>()
            .AddSingleton<ITensorRunner, TensorRunner>()
            .AddSingleton<ClassGradients>()
            .AddSingleton<IClassGradients>(provider => provider.GetRequiredService<ClassGradients>())
            .AddSingleton<ICellGradients>(provider => provider.GetRequiredService<ClassGradients>())
            .AddSingleton<IServedScores, ServedScores>();
    }

    /// <summary>No settings per model: the options apply.</summary>
    private sealed class NoSettings : IBatchingSettings
    {
        public BatchingSettings? Find(string model) => null;
    }
}
