using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// <see cref="IAugmentedPictures"/> by <see cref="BatchAugmenter"/> on the CPU. Epochs are augmented in chunks to bound memory.
/// </summary>
internal sealed class AugmentedPictures(TorchRuntime runtime) : IAugmentedPictures
{
    private const int AtOnce = 8;

    public Outcome<IReadOnlyList<PixelBuffer>> Draw(
        PixelBuffer picture, int index, AugmentationSpec spec, long seed, int epochs, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(spec);
        return runtime.Status.Bind(_ =>
        {
            using var augmenter = BatchAugmenter.Create(spec, seed, new InputSpec(picture.Height, picture.Width, picture.Channels), CPU);
            IEnumerable<PixelBuffer> Part(int[] part)
            {
                cancel.ThrowIfCancellationRequested();
                return augmenter is null ? part.Select(_ => picture) : Draw(picture, augmenter, index, part);
            }

            return Outcome.Success<IReadOnlyList<PixelBuffer>>([.. Enumerable.Range(0, epochs).Chunk(AtOnce).SelectMany(Part)]);
        });
    }

    private static PixelBuffer[] Draw(PixelBuffer picture, BatchAugmenter augmenter, int index, int[] epochs)
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(picture.Data, [1, picture.Height, picture.Width, picture.Channels], device: CPU).expand(epochs.Length, -1, -1, -1);
        var changed = augmenter.Apply(bytes, [.. epochs.Select(epoch => augmenter.Draw(index, epoch))]);
        var rounded = changed.round().clamp(Scalars.Zero, Scalars.White).to_type(ScalarType.Byte).permute(0, 2, 3, 1).contiguous();
        return [.. rounded.data<byte>().ToArray().Chunk(picture.Data.Length)
            .Select(pixels => new PixelBuffer(picture.Width, picture.Height, picture.Channels, pixels))];
    }
}
