using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// Brightness, then contrast, then saturation, as one linear map of each image's colours; values are clamped to 0–255 only once, at the
/// end. Grey is the luma of ITU-R BT.601.
/// </summary>
internal sealed class ColorJitter : IBatchTransform
{
    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    private readonly bool _contrast;
    private readonly bool _saturation;
    private readonly Tensor _luma;

    /// <param name="spec">Which of the three may change.</param>
    /// <param name="channels">1 or 3; with one channel saturation is ignored.</param>
    /// <param name="device">The device of the images.</param>
    internal ColorJitter(AugmentationSpec spec, int channels, Device device)
    {
        _contrast = spec.Contrast > 0;
        _saturation = spec.Saturation > 0 && channels == 3;
        var weights = channels == 3 ? Luma : [1.0];
        _luma = torch.tensor(weights, [1, channels, 1, 1], ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    public Tensor Apply(Tensor planes, ImageTransform[] changes)
    {
        using var scope = NewDisposeScope();
        var offset = Offset(planes, changes);
        var changed = _saturation
            ? offset.flatten(2).add(Matrices(changes, planes.device).bmm(planes.flatten(2)), OwnedScalars.One).view(planes.shape)
            : addcmul(offset, planes, Column(changes, Gain, planes.device), OwnedScalars.One);
        return changed.clamp_(OwnedScalars.Zero, OwnedScalars.MaxLevel).MoveToOuterDisposeScope();
    }

    public void Dispose() => _luma.Dispose();

    private static double Gain(ImageTransform change) => change.Brightness * change.Contrast;

    /// <summary><c>[N,1,1,1]</c>: the constant that contrast adds, a fraction of the image's mean grey level.</summary>
    private Tensor Offset(Tensor planes, ImageTransform[] changes)
    {
        if (!_contrast)
        {
            return zeros([changes.Length, 1, 1, 1], device: planes.device);
        }

        var grey = planes.mean([2, 3], keepdim: true).mul(_luma).sum(1, keepdim: true);
        return grey.mul(Column(changes, change => change.Brightness * (1 - change.Contrast), planes.device));
    }

    /// <summary><c>[N,3,3]</c>: mixes each channel with the pixel's luma, scaled by brightness and contrast.</summary>
    private static Tensor Matrices(ImageTransform[] changes, Device device)
    {
        var matrices = new float[9 * changes.Length];
        for (var i = 0; i < matrices.Length; i++)
        {
            var change = changes[i / 9];
            var (row, column) = (i / 3 % 3, i % 3);
            matrices[i] = (float)(Gain(change) * ((row == column ? change.Saturation : 0) + ((1 - change.Saturation) * Luma[column])));
        }

        return torch.tensor(matrices, [changes.Length, 3, 3], device: device);
    }

    private static Tensor Column(ImageTransform[] changes, Func<ImageTransform, double> value, Device device) =>
        torch.tensor(changes.Select(change => (float)value(change)).ToArray(), [changes.Length, 1, 1, 1], device: device);
}
