using CnnService.Core.Models.Starts;
using CnnService.Engines;
using CnnService.Web.Artifacts;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.InMemory;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Registers Hangfire and the background work.</summary>
internal static class WorkServices
{
    /// <summary>What a worker has beyond the end of its training process to give the run back, when the service stops.</summary>
    private static readonly TimeSpan ForTheWorker = TimeSpan.FromSeconds(5);

    /// <summary>What the service has beyond the end of a training process to end all that it hosts.</summary>
    private static readonly TimeSpan ForTheHost = TimeSpan.FromSeconds(15);

    private static readonly InMemoryStorageOptions StorageOptions = new() { MaxExpirationTime = TimeSpan.FromMinutes(10) };

    public static IServiceCollection AddWork(this IServiceCollection services, IConfiguration configuration, RoleOptions roles)
    {
        services.AddOptions<TrainingOptions>().BindConfiguration(TrainingOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        // Hangfire's default storage and activator are static: two services in one process would run each other's jobs.
        services.AddSingleton<JobStorage>(_ => new InMemoryStorage(StorageOptions)); // Of this process alone: rows tell what is to be done.
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire(hangfire => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddOptions<WorkOptions>().BindConfiguration(WorkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WorkerAbility>().AddSingleton<WorkerSearch>();
        services.AddSingleton<WorkQueue>().AddSingleton<SweepQueue>().AddSingleton<ModelPublisher>().AddSingleton<RunArtifacts>();
        services
            .AddKind<ImportWork, DatasetRow>()
            .AddKind<ComparisonWork, ComparisonRow>()
            .AddKind<ClassificationWork, ClassifyJobRow>()
            .AddKind<QuantizationWork, QuantizationRow>()
            .AddKind<CalibrationWork, CalibrationRow>()
            .AddKind<TrainingWork, RunRow>();
        services.AddOptions<ModelImportOptions>().BindConfiguration(ModelImportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ModelImportProcess>().AddSingleton<IStartImport, StartImport>()
            .AddSingleton(services => new StartLibrary(
                services.GetRequiredService<StartCatalog>(), services.GetRequiredService<StartFolders>(),
                services.GetRequiredService<IStartImport>(), services.GetRequiredService<IOnnxConstants>())
            { Patience = services.GetRequiredService<IOptions<StartOptions>>().Value.Patience })
            .AddSingleton<SpeedProcess>()
            .AddSingleton(services => new KnownSpeed(
                services.GetRequiredService<DataFolders>(), services.GetRequiredService<SpeedProcess>().MeasureAsync,
                services.GetRequiredService<TimeProvider>(), KnownSpeed.LoadNow))
            .AddSingleton<GpuShare>();
        services.AddJobPages();
        if (roles.IsWorker)
        {
            services.AddWorkers(configuration);
            services.AddOptions<HostOptions>().PostConfigure<IOptions<TrainingOptions>>((host, training) =>
                host.ShutdownTimeout = roles.DrainTime + training.Value.StopWithin + ForTheHost);
        }
        else
        {
            services.AddSingleton<IBackgroundJobClient, NoJobs>();
        }

        return services;
    }

    /// <summary>Registers the servers of this process's queues, and what finds work for them.</summary>
    private static void AddWorkers(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.HasPostgres())
        {
            services.AddHostedService<WorkerPresence>();
        }

        services.AddSingleton<Leftovers>().AddSingleton<Housekeeping>();
        string[][] queues = [[WorkQueue.Training], [WorkQueue.Background], [WorkQueue.Classification]];
        if (configuration.GetValue<bool>($"{WorkerOptions.Section}:{nameof(WorkerOptions.Once)}"))
        {
            services.AddHangfireServer((provider, options) => Configure(provider, options, [.. queues.SelectMany(queue => queue)]));
            services.AddHostedService<WorkOnce>();
            return;
        }

        foreach (var queue in queues)
        {
            services.AddHangfireServer((provider, options) => Configure(provider, options, queue));
        }

        services.AddHostedService<LeaseRecovery>();
        if (configuration.HasPostgres())
        {
            services.AddHostedService<PostgresListener>();
        }
    }

    /// <summary>Registers a kind of work and its runner.</summary>
    private static IServiceCollection AddKind<TKind, T>(this IServiceCollection services)
        where TKind : class, IWorkKind<T>
        where T : LeasedRow => services
            .AddSingleton<TKind>()
            .AddSingleton<IJobRunner<TKind>, LeasedJobRunner<TKind, T>>()
            .AddSingleton<IJobRunner>(provider => provider.GetRequiredService<IJobRunner<TKind>>());

    private static void Configure(IServiceProvider services, BackgroundJobServerOptions options, string[] queues)
    {
        options.ServerName = $"{Environment.MachineName}-{string.Join('-', queues)}";
        options.Queues = queues;
        options.WorkerCount = queues is [WorkQueue.Background] ? 2 : 1;
        options.ShutdownTimeout = services.GetRequiredService<IOptions<TrainingOptions>>().Value.StopWithin + ForTheWorker;
        options.StopTimeout = TimeSpan.FromSeconds(5);
        options.CancellationCheckInterval = TimeSpan.FromSeconds(1);
        options.HeartbeatInterval = TimeSpan.FromSeconds(10);
        options.ServerTimeout = TimeSpan.FromMinutes(2);
        options.ServerCheckInterval = TimeSpan.FromMinutes(1);
    }
}
