using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// Shift, rotation, shear, zoom and flips as one affine map with a single bilinear interpolation per pixel. Owns two small tensors on the
/// device: the pixels' column and row coordinates.
/// </summary>
internal sealed class AffineWarp : IBatchTransform
{
    private readonly int _width;
    private readonly int _height;
    private readonly GridSamplePaddingMode _paddingMode;
    private readonly Tensor _columns;
    private readonly Tensor _rows;
    private readonly Device _device;

    internal AffineWarp(int width, int height, FillMode fill, Device device)
    {
        (_width, _height, _device) = (width, height, device);
        _paddingMode = fill switch
        {
            FillMode.Edge => GridSamplePaddingMode.Border,
            FillMode.Reflect => GridSamplePaddingMode.Reflection,
            _ => GridSamplePaddingMode.Zeros,
        };
        _columns = torch.tensor(Enumerable.Range(0, width).Select(x => (float)x).ToArray(), [1, 1, 1, width], device: device)
            .DetachFromDisposeScope();
        _rows = torch.tensor(Enumerable.Range(0, height).Select(y => (float)y).ToArray(), [1, 1, height, 1], device: device)
            .DetachFromDisposeScope();
    }

    public Tensor Terms(ImageTransform[] changes)
    {
        using var terms = torch.tensor(Coefficients(changes), [changes.Length, 3, 2, 1, 1], device: CPU);
        return HostCopy.ToDevice(terms, _device);
    }

    public Tensor Apply(Tensor planes, Tensor terms)
    {
        using var scope = NewDisposeScope();
        var alongColumns = addcmul(terms.select(1, 2), terms.select(1, 0), _columns, OwnedScalars.One);
        var alongRows = terms.select(1, 1).mul(_rows);

        // [N,2,H,W]: one plane for x and one for y is faster to compute than interleaved pairs, and grid_sample accepts any strides.
        var places = alongColumns.add(alongRows, OwnedScalars.One).permute(0, 2, 3, 1);
        return nn.functional.grid_sample(planes, places, GridSampleMode.Bilinear, _paddingMode, align_corners: false)
            .MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
    }

    /// <summary>
    /// <c>[N,3,2]</c>: the coefficients of the column, of the row and the constant term for x and y, in the coordinates of
    /// <c>grid_sample</c>, where -1 and 1 are the outer edges of the first and the last pixel.
    /// </summary>
    private float[] Coefficients(ImageTransform[] changes)
    {
        var terms = new float[6 * changes.Length];
        for (var i = 0; i < changes.Length; i++)
        {
            var map = changes[i].Map;
            Put(0, map.XX, map.YX, 0);
            Put(1, map.XY, map.YY, 0);
            Put(2, map.X + 0.5, map.Y + 0.5, -1);

            void Put(int term, double x, double y, double origin)
            {
                var at = 2 * ((3 * i) + term);
                terms[at] = (float)((2 * x / _width) + origin);
                terms[at + 1] = (float)((2 * y / _height) + origin);
            }
        }

        return terms;
    }
}
