using CnnService.Core.Datasets;

namespace CnnService.Tests.Shared;

/// <summary>Where pixels come from: the formula that the documentation of <see cref="AffineMap"/> gives.</summary>
internal static class AffinePlaces
{
    internal static (double X, double Y) Apply(this AffineMap map, double x, double y) =>
        ((map.XX * x) + (map.XY * y) + map.X, (map.YX * x) + (map.YY * y) + map.Y);
}
