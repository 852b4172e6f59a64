using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// What the host draws for the images of an epoch, on the device, in the order of the steps: uploaded for many steps at once, so that a
/// step only takes its rows. Owns the tensors.
/// </summary>
/// <param name="count">Number of images in the epoch.</param>
/// <param name="upload">
/// Makes the tensors for some images, from the position of the first one and their number; dimension 0 counts the images.
/// </param>
internal sealed class EpochRows(int count, Func<int, int, Tensor[]> upload) : IDisposable
{
    /// <summary>Images per upload: a few megabytes for the largest rows.</summary>
    private const int ImagesPerUpload = 1 << 16;

    private Tensor[] _rows = [];
    private int _first;
    private int _uploaded;

    /// <summary>The rows of some images, views in the caller's dispose scope.</summary>
    /// <param name="first">Position of the first image in the epoch; never less than in the call before.</param>
    /// <param name="images">Number of images.</param>
    internal Tensor[] Take(int first, int images)
    {
        if (first + images > _first + _uploaded)
        {
            Dispose();
            (_first, _uploaded) = (first, Math.Min(count - first, Math.Max(images, ImagesPerUpload)));
            _rows = [.. upload(first, _uploaded).Select(rows => rows.DetachFromDisposeScope())];
        }

        return [.. _rows.Select(rows => rows.narrow(0, first - _first, images))];
    }

    public void Dispose() => Array.ForEach(_rows, rows => rows.Dispose());
}
