using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Fitting;

/// <summary>Creates runners in the training engine that give features fast, in the arithmetic of training.</summary>
public interface IFeatureRunners
{
    /// <summary>A runner of a network that is not trained; owned by the caller. Problem code: <c>training.device-unavailable</c>.</summary>
    /// <param name="network">Ends in features.</param>
    /// <param name="weights">All weights it needs.</param>
    /// <param name="plan">Gives preprocessing, precision, device and threads.</param>
    Outcome<FeatureRunner> Load(ResolvedNetwork network, NamedWeights weights, TrainingPlan plan);
}

/// <param name="Runner">Gives features, <c>[N, width]</c>.</param>
/// <param name="Device">"cpu" or "cuda:0".</param>
/// <param name="Precision">The precision used; never auto.</param>
/// <param name="IsServed">Whether it computes as the network will be served, and not as it is trained.</param>
public sealed record FeatureRunner(INetworkRunner Runner, string Device, Precision Precision, bool IsServed = false);
