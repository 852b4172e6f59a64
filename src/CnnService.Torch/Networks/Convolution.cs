using CnnService.Core.Architecture;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Two-dimensional convolution with zero padding. Where the CPU's kernel for the shapes gives wrong results
/// (<see cref="ConvolutionSelfTest"/>), it is computed by im2col and matrix multiplication: slower and with more memory, but correct.
/// </summary>
/// <param name="Strides">Vertical and horizontal.</param>
/// <param name="Padding">Symmetric zero padding: rows above and below (Height), columns left and right (Width).</param>
/// <param name="Dilation">Vertical and horizontal.</param>
/// <param name="Groups">Number of channel groups that are convolved separately; 1 is an ordinary convolution.</param>
internal sealed record Convolution(Size2 Strides, Size2 Padding, Size2 Dilation, int Groups)
{
    /// <summary>Convolves with libtorch's kernel or, where it is not sound, by matrix multiplication.</summary>
    /// <param name="x"><c>[N,C,H,W]</c>.</param>
    /// <param name="weight"><c>[F,C/groups,KH,KW]</c>, of the same type.</param>
    /// <param name="bias"><c>[F]</c>; null: no bias.</param>
    /// <returns><c>[N,F,H',W']</c>.</returns>
    internal Tensor Apply(Tensor x, Tensor weight, Tensor? bias) =>
        ConvolutionSelfTest.IsSound(this, x, weight) ? WithNativeKernel(x, weight, bias) : WithMatrixMultiplication(x, weight, bias);

    /// <summary>With the kernel that libtorch selects.</summary>
    /// <inheritdoc cref="Apply"/>
    internal Tensor WithNativeKernel(Tensor x, Tensor weight, Tensor? bias) =>
        nn.functional.conv2d(x, weight, bias, [Strides.Height, Strides.Width], [Padding.Height, Padding.Width],
            [Dilation.Height, Dilation.Width], Groups);

    /// <summary>By im2col and matrix multiplication, in float32 or float64; the result has the type of <paramref name="x"/>.</summary>
    /// <inheritdoc cref="Apply"/>
    internal Tensor WithMatrixMultiplication(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var type = x.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        if (weight.shape is [_, _, 1, 1] && Padding == new Size2(0, 0) && Groups == 1)
        {
            return ChannelsLast.Convert(Pointwise(x.to_type(type), weight.to_type(type), bias?.to_type(type)).to_type(x.dtype))
                .MoveToOuterDisposeScope();
        }

        var (images, filters, size) = (x.shape[0], weight.shape[0], weight.shape[1] * weight.shape[2] * weight.shape[3]);
        var columns = nn.functional.unfold(
            x.to_type(type),
            (weight.shape[2], weight.shape[3]),
            (Dilation.Height, Dilation.Width),
            (Padding.Height, Padding.Width),
            (Strides.Height, Strides.Width)).reshape(images * Groups, size, -1);
        var rows = weight.to_type(type).reshape(1, Groups, filters / Groups, size).expand(images, Groups, filters / Groups, size);
        var value = rows.reshape(images * Groups, filters / Groups, size).bmm(columns)
            .reshape(images, filters, OutputHeight(x.shape[2], weight.shape[2]), -1);
        var shifted = bias is null ? value : value.add(bias.to_type(type).reshape(1, filters, 1, 1), OwnedScalars.One);
        return ChannelsLast.Convert(shifted.to_type(x.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>A 1×1 convolution: the pixels already are the rows of a matrix, so nothing has to be unfolded.</summary>
    private Tensor Pointwise(Tensor x, Tensor weight, Tensor? bias)
    {
        var places = x.permute(0, 2, 3, 1);
        var taken = Strides == new Size2(1, 1)
            ? places
            : places.slice(1, 0, x.shape[2], Strides.Height).slice(2, 0, x.shape[3], Strides.Width);
        return nn.functional.linear(taken, weight.reshape(weight.shape[0], weight.shape[1]), bias).permute(0, 3, 1, 2);
    }

    private long OutputHeight(long height, long kernel) =>
        ((height + (2 * Padding.Height) - (Dilation.Height * (kernel - 1)) - 1) / Strides.Height) + 1;
}
