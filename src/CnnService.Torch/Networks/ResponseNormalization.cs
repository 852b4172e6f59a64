using CnnService.Core.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Normalization across adjacent channels; see <see cref="LocalResponseNormalizationLayer"/> for the formula.</summary>
internal static class ResponseNormalization
{
    internal static Tensor Apply(Tensor x, LocalResponseNormalizationLayer norm)
    {
        using var scope = NewDisposeScope();
        var side = norm.Size / 2;
        var energy = nn.functional.pad(x.mul(x), [0, 0, 0, 0, side, side], PaddingModes.Constant, 0);
        var sum = energy.narrow(1, 0, x.shape[1]);
        for (var offset = 1; offset < norm.Size; offset++)
        {
            sum = sum.add(energy.narrow(1, offset, x.shape[1]), OwnedScalars.One);
        }

        var scale = sum.mul(OwnedScalars.Create(norm.Alpha / norm.Size)).add(OwnedScalars.Create(norm.Bias), OwnedScalars.One)
            .pow(OwnedScalars.Create(-norm.Beta));
        return x.mul(scale).MoveToOuterDisposeScope();
    }
}
