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
    private const int GainAt = 9;
    private const int OffsetAt = 10;
    private const int Width = 11;

    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    private readonly bool _contrast;
    private readonly bool _saturation;
    private readonly Tensor _luma;
    private readonly Device _device;

    /// <param name="spec">Which of the three may change.</param>
    /// <param name="channels">1 or 3; with one channel saturation is ignored.</param>
    /// <param name="device">The device of the images.</param>
    internal ColorJitter(AugmentationSpec spec, int channels, Device device)
    {
        _device = device;
        _contrast = spec.Contrast > 0;
        _saturation = spec.Saturation > 0 && channels == 3;
        var weights = channels == 3 ? Luma : [1.0];
        _luma = torch.tensor(weights, [1, channels, 1, 1], ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>
    /// <c>[N,11]</c>: the 3x3 matrix that mixes each channel with the pixel's luma, scaled by brightness and contrast; the product of
    /// brightness and contrast; and the share of the image's mean grey level that contrast adds.
    /// </summary>
    public Tensor Terms(ImageTransform[] changes)
    {
        var terms = new float[Width * changes.Length];
        for (var i = 0; i < changes.Length; i++)
        {
            Fill(terms.AsSpan(i * Width, Width), changes[i]);
        }

        using var host = torch.tensor(terms, [changes.Length, Width], device: CPU);
        return HostCopy.ToDevice(host, _device);
    }

    public Tensor Apply(Tensor planes, Tensor terms)
    {
        using var scope = NewDisposeScope();
        var offset = Offset(planes, terms);
        var changed = _saturation
            ? offset.flatten(2).add(terms.narrow(1, 0, GainAt).view(-1, 3, 3).bmm(planes.flatten(2)), OwnedScalars.One).view(planes.shape)
            : addcmul(offset, planes, Column(terms, GainAt), OwnedScalars.One);
        return changed.clamp_(OwnedScalars.Zero, OwnedScalars.MaxLevel).MoveToOuterDisposeScope();
    }

    public void Dispose() => _luma.Dispose();

    /// <summary><c>[N,1,1,1]</c>: the constant that contrast adds, a fraction of the image's mean grey level.</summary>
    private Tensor Offset(Tensor planes, Tensor terms)
    {
        if (!_contrast)
        {
            return zeros([planes.shape[0], 1, 1, 1], device: planes.device);
        }

        var grey = planes.mean([2, 3], keepdim: true).mul(_luma).sum(1, keepdim: true);
        return grey.mul(Column(terms, OffsetAt));
    }

    private static void Fill(Span<float> terms, ImageTransform change)
    {
        var gain = change.Brightness * change.Contrast;
        for (var i = 0; i < GainAt; i++)
        {
            var (row, column) = (i / 3, i % 3);
            terms[i] = (float)(gain * ((row == column ? change.Saturation : 0) + ((1 - change.Saturation) * Luma[column])));
        }

        terms[GainAt] = (float)gain;
        terms[OffsetAt] = (float)(change.Brightness * (1 - change.Contrast));
    }

    private static Tensor Column(Tensor terms, int at) => terms.narrow(1, at, 1).view(-1, 1, 1, 1);
}
