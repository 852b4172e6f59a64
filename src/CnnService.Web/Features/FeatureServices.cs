using CnnService.Core.Classification;
using CnnService.Web.Artifacts;
using CnnService.Web.Artifacts.Uploads;
using CnnService.Web.Features.Architectures;
using CnnService.Web.Features.Classify;
using CnnService.Web.Features.Compare;
using CnnService.Web.Features.Datasets;
using CnnService.Web.Features.Explain;
using CnnService.Web.Features.Inference;
using CnnService.Web.Features.Inference.Grpc;
using CnnService.Web.Features.Manual;
using CnnService.Web.Features.Models;
using CnnService.Web.Features.Monitoring;
using CnnService.Web.Features.Operating;
using CnnService.Web.Features.Recipes;
using CnnService.Web.Features.Runs;
using CnnService.Web.Features.Starts;
using CnnService.Web.Features.Sweeps;
using CnnService.Web.Features.Train;
using CnnService.Web.Features.Uploads;
using CnnService.Web.Features.Visualize;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features;

/// <summary>Registers services shared by the features, and maps their routes.</summary>
internal static class FeatureServices
{
    public static IServiceCollection AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImportRootOptions>().BindConfiguration(ImportRootOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SweepOptions>().BindConfiguration(SweepOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.ConfigureHttpJsonOptions(options => Core.Common.CoreJson.Configure(options.SerializerOptions));
        services.AddOptions<ModelVerificationOptions>().BindConfiguration(ModelVerificationOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddHostedService<ModelVerification>();
        services.AddOptions<UploadOptions>().BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadStore>().AddHostedService<UploadSweeper>();
        if (configuration.HasPostgres())
        {
            services.AddHostedService<ServingSettingsWatch>();
        }

        services.AddMonitoring();
        services.AddRenderings();
        services.AddVisualize();
        services.AddInferenceGrpc(configuration);
        return services.AddSingleton<ModelRegistry>().AddSingleton<ModelReader>().AddSingleton<AliasWarmup>().AddSingleton<UploadSlots>()
            .AddSingleton<EventStreamSlots>().AddSingleton<InferenceInput>().AddSingleton<UnloadedModels>()
            .AddSingleton<ManualPages>().AddSingleton<HealthReports>().AddSingleton<RunAdviser>()
            .AddSingleton<BatchingSettingsFiles>()
            .AddSingleton<ClassThresholdFiles>()
            .AddSingleton<VersionReader>()
            .AddSingleton<IBatchingSettings>(provider => provider.GetRequiredService<BatchingSettingsFiles>());
    }

    public static void MapFeatures(this IEndpointRouteBuilder routes)
    {
        routes.MapDatasets();
        routes.MapUploads();
        routes.MapDatasetHealth();
        routes.MapTrain();
        routes.MapRuns();
        routes.MapAudit();
        routes.MapSweeps();
        routes.MapArchitectures();
        routes.MapStarts();
        routes.MapRecipes();
        routes.MapModels();
        routes.MapCompare();
        routes.MapMonitoring();
        routes.MapClassify();
        routes.MapClassifyJobs();
        routes.MapInference();
        routes.MapInferenceGrpc();
        routes.MapVisualize();
        routes.MapExplain();
        routes.MapManual();
        routes.MapOperating();
    }
}
