using CnnService.Core.Classification.Bulk;
using CnnService.Core.Explaining;
using CnnService.Core.Filming;
using CnnService.Core.Importing;
using CnnService.Core.Projecting;
using CnnService.Core.Scanning;
using CnnService.Core.Training;
using CnnService.Core.Visualization;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Engines;

/// <summary>The flows of Core over the engines. Those that draw need an <see cref="IPictureCache"/>, which the host chooses.</summary>
internal static class CnnFlows
{
    public static IServiceCollection AddCnnFlows(this IServiceCollection services) => services
        .AddSingleton<TrainingPipeline>()
        .AddSingleton<ModelImporter>()
        .AddSingleton<BulkClassification>()
        .AddSingleton<Explainer>()
        .AddSingleton<ExplanationPipeline>()
        .AddSingleton<VisualizationPipeline>()
        .AddSingleton<AugmentationPreview>()
        .AddSingleton<ClassPictures>()
        .AddSingleton<FilmPipeline>()
        .AddSingleton<LayerScanner>()
        .AddSingleton<LayerProjector>()
        .AddSingleton<PatternJudge>()
        .AddSingleton<EffectiveFields>()
        .AddSingleton<ExamplePicture>();
}
