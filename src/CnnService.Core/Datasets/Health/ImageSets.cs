namespace CnnService.Core.Datasets.Health;

/// <summary>Disjoint sets of images, joined pair by pair (union by index, path halving).</summary>
internal sealed class ImageSets
{
    private readonly int[] _parents;

    public ImageSets(int count) => _parents = [.. Enumerable.Range(0, count)];

    /// <summary>The image that stands for the set of another: the one of the lowest index.</summary>
    public int Find(int image)
    {
        while (_parents[image] != image)
        {
            image = _parents[image] = _parents[_parents[image]];
        }

        return image;
    }

    public void Join(int one, int other)
    {
        var (first, second) = (Find(one), Find(other));
        _parents[Math.Max(first, second)] = Math.Min(first, second);
    }
}
