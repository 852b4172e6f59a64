namespace CnnService.Core.Datasets;

/// <summary>Images that are held in memory.</summary>
internal sealed class MemoryImages(DatasetImage[] images) : ImageList
{
    public override int Count => images.Length;

    public override int CountOf(Split split) => images.Count(image => image.Split == split);

    public override int CountOf(Split split, int label) => images.Count(image => image.Split == split && image.Label == label);

    public override IReadOnlyList<DatasetImage> Of(Split split) => Array.FindAll(images, image => image.Split == split);

    public override IReadOnlyList<DatasetImage> Of(Split split, int label) =>
        Array.FindAll(images, image => image.Split == split && image.Label == label);

    public override IReadOnlyList<DatasetImage> Read(int start, int count) => images[start..(start + count)];

    public override int IndexOf(string id) => Array.FindIndex(images, image => image.Id == id);

    public override int IndexIn(Split split, string id) =>
        Array.FindIndex(Array.FindAll(images, image => image.Split == split), image => image.Id == id);

    public override IEnumerator<DatasetImage> GetEnumerator() => ((IEnumerable<DatasetImage>)images).GetEnumerator();
}
