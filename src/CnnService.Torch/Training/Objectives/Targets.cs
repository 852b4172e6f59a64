using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>What a step's pictures should come out as: a label each, or, after mixup, two labels and the share of the first.</summary>
/// <param name="Labels">int64 <c>[N]</c>.</param>
/// <param name="Others">int64 <c>[N]</c>; null where nothing is mixed.</param>
/// <param name="Share">Of <paramref name="Labels"/>, 0.5 to 1.</param>
internal sealed record Targets(Tensor Labels, Tensor? Others = null, double Share = 1);
