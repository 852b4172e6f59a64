using CnnService.Core.Datasets;
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

    internal Cutout(int width, int height, Device device)
    {
        _columns = torch.tensor(Enumerable.Range(0, width).ToArray(), [1, 1, 1, width], device: device).DetachFromDisposeScope();
        _rows = torch.tensor(Enumerable.Range(0, height).ToArray(), [1, 1, height, 1], device: device).DetachFromDisposeScope();
    }

    public Tensor Apply(Tensor planes, ImageTransform[] changes)
    {
        using var scope = NewDisposeScope();
        int[] edges = [.. changes.Select(c => c.Cutout.Left), .. changes.Select(c => c.Cutout.Right), .. changes.Select(c => c.Cutout.Top),
            .. changes.Select(c => c.Cutout.Bottom)];
        var edge = torch.tensor(edges, [4, changes.Length, 1, 1, 1], device: planes.device);
        var wide = _columns.ge(edge[0]).logical_and(_columns.lt(edge[1]));
        var high = _rows.ge(edge[2]).logical_and(_rows.lt(edge[3]));
        return where(wide.logical_and(high), planes.mean([2, 3], keepdim: true), planes).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }
}
