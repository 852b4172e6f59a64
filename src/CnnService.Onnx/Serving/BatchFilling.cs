using CnnService.Core.Classification;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>Copies the images of several requests behind each other into the memory of one batch. Immutable, thread safe.</summary>
/// <param name="preprocessing">Conversion from image bytes to planes.</param>
/// <param name="bytesPerImage">Values of one image.</param>
internal sealed class BatchFilling(Preprocessing preprocessing, int bytesPerImage)
{
    private readonly PlanarInput _planes = new(preprocessing);

    /// <summary>Copies planes as they are; converts images.</summary>
    /// <param name="inputs">Of the requests, in their order.</param>
    /// <param name="rest"><c>[N,C,H,W]</c>; what the images do not fill is left as it is.</param>
    public void Planes(IReadOnlyList<TensorInput> inputs, Span<float> rest)
    {
        foreach (var input in inputs)
        {
            if (input.Planes is { } planes)
            {
                planes.Span.CopyTo(rest);
                rest = rest[planes.Length..];
            }

            foreach (var image in input.Pixels ?? [])
            {
                _planes.Fill(image.Span, rest[..bytesPerImage]);
                rest = rest[bytesPerImage..];
            }
        }
    }

    /// <summary>Copies images.</summary>
    /// <param name="inputs">Of the requests, in their order; none has planes.</param>
    /// <param name="rest"><c>[N,H,W,C]</c>; what the images do not fill is left as it is.</param>
    public static void Bytes(IReadOnlyList<TensorInput> inputs, Span<byte> rest)
    {
        foreach (var image in inputs.SelectMany(input => input.Pixels!))
        {
            image.Span.CopyTo(rest);
            rest = rest[image.Length..];
        }
    }
}
