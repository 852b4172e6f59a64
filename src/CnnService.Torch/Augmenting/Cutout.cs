using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// Fills a square of each image with the image's mean colour (cutout). Owns two small tensors: the pixels' columns and rows.
/// </summary>
internal sealed class Cutout : IBatchTransform
{
    private readonly Tensor _columns;
    private readonly Tensor _rows;
    private readonly Device _device;

    internal Cutout(int width, int height, Device device)
    {
        _device = device;
        _columns = torch.tensor(Enumerable.Range(0, width).ToArray(), [1, 1, 1, width], device: device).DetachFromDisposeScope();
        _rows = torch.tensor(Enumerable.Range(0, height).ToArray(), [1, 1, height, 1], device: device).DetachFromDisposeScope();
    }

    /// <summary><c>[N,4,1,1,1]</c>: the left, right, top and bottom edge of the square.</summary>
    public Tensor Terms(ImageTransform[] changes)
    {
        int[] edges = [.. changes.SelectMany(change =>
            new[] { change.Cutout.Left, change.Cutout.Right, change.Cutout.Top, change.Cutout.Bottom })];
        using var terms = torch.tensor(edges, [changes.Length, 4, 1, 1, 1], device: CPU);
        return HostCopy.ToDevice(terms, _device);
    }

    public Tensor Apply(Tensor planes, Tensor terms)
    {
        using var scope = NewDisposeScope();
        var wide = _columns.ge(terms.select(1, 0)).logical_and(_columns.lt(terms.select(1, 1)));
        var high = _rows.ge(terms.select(1, 2)).logical_and(_rows.lt(terms.select(1, 3)));
        return where(wide.logical_and(high), planes.mean([2, 3], keepdim: true), planes).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }
}
