using CnnService.Core.Classification;
using CnnService.Core.Classification.Bulk;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Interpretation.Labels;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Interpretation.Projection;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Interpretation.Statistics;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training.Calibrating;
using CnnService.Core.Training.Fitting;
using CnnService.Core.Training.Quantization;
using CnnService.Core.Training.Runs;

namespace CnnService.Engines;

/// <summary>Registers the flows of Core that use the engines. Those that draw need an <see cref="IImageCache"/> from the host.</summary>
internal static class CnnFlows
{
    public static IServiceCollection AddCnnFlows(this IServiceCollection services) => services
        .AddSingleton<ClassifierFitting>()
        .AddSingleton<FineTuner>()
        .AddSingleton<MachineSpeedMeter>()
        .AddSingleton<TrainingPipeline>()
        .AddSingleton<VersionQuantization>()
        .AddSingleton<VersionCalibrator>()
        .AddSingleton<ModelImporter>()
        .AddSingleton<StartCatalog>()
        .AddSingleton<DecodeSlots>()
        .AddSingleton<ClassificationPipeline>()
        .AddSingleton<BulkClassification>()
        .AddSingleton<Explainer>()
        .AddSingleton<ExplanationPipeline>()
        .AddSingleton<PatternTileCache>()
        .AddSingleton<PatternPipeline>()
        .AddSingleton<FeatureMapPipeline>()
        .AddSingleton<FigureFiles>()
        .AddSingleton<AugmentationPreview>()
        .AddSingleton<ClassImagePipeline>()
        .AddSingleton<TimelapsePipeline>()
        .AddSingleton<LayerScanner>()
        .AddSingleton<StatisticsPipeline>()
        .AddSingleton<ProjectionPipeline>()
        .AddSingleton<HealthScan>()
        .AddSingleton<LabelCheckPipeline>()
        .AddSingleton<PatternComparison>()
        .AddSingleton<ReceptiveFieldPipeline>()
        .AddSingleton<ExamplePipeline>();
}
