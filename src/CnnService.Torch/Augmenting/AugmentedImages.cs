using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// <see cref="IAugmentedImages"/> by <see cref="BatchAugmenter"/> on the CPU. Epochs are augmented in chunks to bound memory.
/// </summary>
internal sealed class AugmentedImages(TorchRuntime runtime) : IAugmentedImages
{
    private const int BatchSize = 8;

    public Outcome<IReadOnlyList<PixelBuffer>> Draw(
        PixelBuffer image, int index, AugmentationSpec spec, long seed, int epochs, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(spec);
        return runtime.Status.Bind(_ =>
        {
            using var augmenter = BatchAugmenter.Create(spec, seed, new InputSpec(image.Height, image.Width, image.Channels), CPU);
            IEnumerable<PixelBuffer> Part(int[] part)
            {
                cancel.ThrowIfCancellationRequested();
                return augmenter is null ? part.Select(_ => image) : Draw(image, augmenter, index, part);
            }

            return Outcome.Success<IReadOnlyList<PixelBuffer>>([.. Enumerable.Range(0, epochs).Chunk(BatchSize).SelectMany(Part)]);
        });
    }

    private static PixelBuffer[] Draw(PixelBuffer image, BatchAugmenter augmenter, int index, int[] epochs)
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(image.Data, [1, image.Height, image.Width, image.Channels], device: CPU).expand(epochs.Length, -1, -1, -1);
        var changed = augmenter.Apply(bytes, augmenter.Terms([.. epochs.Select(epoch => augmenter.Draw(index, epoch))]));
        var rounded = changed.round().clamp(OwnedScalars.Zero, OwnedScalars.MaxLevel).to_type(ScalarType.Byte).permute(0, 2, 3, 1)
            .contiguous();
        return [.. rounded.data<byte>().ToArray().Chunk(image.Data.Length)
            .Select(pixels => new PixelBuffer(image.Width, image.Height, image.Channels, pixels))];
    }
}
