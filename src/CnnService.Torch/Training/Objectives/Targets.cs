using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>The targets of a batch: a label per image or, after mixup, two labels and the weight of the first.</summary>
/// <param name="Labels">int64 <c>[N]</c>.</param>
/// <param name="PartnerLabels">int64 <c>[N]</c>; null without mixup.</param>
/// <param name="Weight">Weight of <paramref name="Labels"/>, 0.5 to 1; the rest is that of <paramref name="PartnerLabels"/>.</param>
internal sealed record Targets(Tensor Labels, Tensor? PartnerLabels = null, double Weight = 1);
