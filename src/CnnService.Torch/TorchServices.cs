using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Fitting;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Interpretation;
using CnnService.Torch.Native;
using CnnService.Torch.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CnnService.Torch;

/// <summary>Registers the services of this project.</summary>
public static class TorchServices
{
    /// <summary>Registers the TorchSharp training and visualization services. The caller binds <see cref="TorchOptions"/>.</summary>
    public static IServiceCollection AddTorch(this IServiceCollection services)
    {
        services.AddOptions<TorchOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TorchOptions>, TorchOptionsValidator>();
        services.AddSingleton<TorchRuntime>();
        services.AddSingleton<ITorchRuntime>(provider => provider.GetRequiredService<TorchRuntime>());
        services.AddSingleton<IDevices, HostDevices>();
        services.AddSingleton<IGpuMemory, DriverGpuMemory>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ITrainer, TorchTrainer>();
        services.AddSingleton<INetworkRunnerFactory, TorchRunnerFactory>();
        services.AddSingleton<IFeatureRunners, FeatureRunners>();
        services.AddSingleton<IEpochLog, TensorBoardLog>();
        services.AddSingleton<RenderingSlots>();
        services.AddSingleton<IPatternRenderer, PatternRenderer>();
        services.AddSingleton<ISnapshotMaps, SnapshotMaps>();
        services.AddSingleton<IAugmentedImages, AugmentedImages>();
        return services;
    }
}
