using CnnService.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// <see cref="Preprocessing"/> as tensor operations: <c>(byte*Scale - Mean)/Std</c> as one multiply-add per channel, after putting the
/// channels into the network's order, then the colour matrix if there is one. Images of another size than the mean image, which show a
/// part of what the network takes, get its channels' means. Differentiable. Owns its tensors.
/// </summary>
internal sealed class TensorPreprocessing : IDisposable
{
    private readonly bool _reverse;
    private readonly Tensor _factor;
    private readonly Tensor _unitFactor;
    private readonly Tensor _shift;
    private readonly Tensor? _meanImageShift;
    private readonly Tensor? _colorMatrix;

    internal TensorPreprocessing(Preprocessing preprocessing, Device device)
    {
        _reverse = preprocessing.ChannelOrder == ChannelOrder.Bgr;
        var factors = preprocessing.Std.Select(std => preprocessing.Scale / std).ToArray();
        _factor = PerChannel(factors, device);
        _unitFactor = PerChannel([.. factors.Select(factor => 255 * factor)], device);
        _shift = PerChannel([.. preprocessing.Mean.Zip(preprocessing.Std, (mean, std) => -mean / std)], device);
        _meanImageShift = preprocessing.MeanImage is { } meanImage ? Shift(meanImage, preprocessing.Std, device) : null;
        _colorMatrix = preprocessing.Matrix is { } rows ? PerPixel(rows, device) : null;
    }

    /// <param name="bytes">uint8 <c>[N,H,W,C]</c> on the device, RGB.</param>
    /// <returns>float32 <c>[N,C,H,W]</c>, channels last in memory.</returns>
    internal Tensor FromBytes(Tensor bytes)
    {
        using var floats = bytes.to_type(ScalarType.Float32);
        using var planes = floats.permute(0, 3, 1, 2);
        return FromLevels(planes);
    }

    /// <param name="planes">float32 <c>[N,C,H,W]</c>, RGB, 0–255.</param>
    internal Tensor FromLevels(Tensor planes) => Normalize(planes, _factor);

    /// <param name="images">float32 <c>[N,C,H,W]</c>, RGB, 0–1.</param>
    internal Tensor FromUnit(Tensor images) => Normalize(images, _unitFactor);

    public void Dispose()
    {
        _factor.Dispose();
        _unitFactor.Dispose();
        _shift.Dispose();
        _meanImageShift?.Dispose();
        _colorMatrix?.Dispose();
    }

    private Tensor Normalize(Tensor planes, Tensor factor)
    {
        using var ordered = _reverse ? planes.flip(1) : planes.alias();
        var normalized = addcmul(ShiftOf(planes), ordered, factor, OwnedScalars.One);
        if (_colorMatrix is null)
        {
            return normalized;
        }

        using var scope = NewDisposeScope();
        using var separate = normalized;
        return nn.functional.linear(separate.permute(0, 2, 3, 1), _colorMatrix).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private Tensor ShiftOf(Tensor planes) =>
        _meanImageShift is { } shift && planes.shape[2] == shift.shape[2] && planes.shape[3] == shift.shape[3] ? shift : _shift;

    /// <summary><c>[1,C,H,W]</c>, channels last as the images are.</summary>
    private static Tensor Shift(MeanImage meanImage, IReadOnlyList<double> std, Device device)
    {
        var area = meanImage.Height * meanImage.Width;
        var values = meanImage.Values.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(-values[i] / std[i / area]);
        }

        using var planes = torch.tensor(values, [1, std.Count, meanImage.Height, meanImage.Width], ScalarType.Float32, device: device);
        return ChannelsLast.Convert(planes).DetachFromDisposeScope();
    }

    /// <summary><c>[C,C]</c>, as <c>linear</c> takes it: a row gives a channel of the result.</summary>
    private static Tensor PerPixel(IReadOnlyList<IReadOnlyList<double>> rows, Device device) => torch.tensor(
        [.. rows.SelectMany(row => row)], [rows.Count, rows.Count], ScalarType.Float32, device: device).DetachFromDisposeScope();

    private static Tensor PerChannel(double[] values, Device device) =>
        torch.tensor(values, [1, values.Length, 1, 1], ScalarType.Float32, device: device).DetachFromDisposeScope();
}
