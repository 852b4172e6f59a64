namespace CnnService.Core.Datasets.Health;

/// <summary>Makes groups of equal files and of images that look the same, and counts what follows from them.</summary>
internal sealed class DuplicateGroups
{
    /// <summary>Images of one group that are listed.</summary>
    private const int MaxImages = 50;

    private readonly IReadOnlyList<DatasetImage> _images;
    private readonly Func<int, string> _labels;
    private readonly List<(bool IsExact, float Similarity, int[] Members)> _groups;

    /// <param name="images">All images.</param>
    /// <param name="labels">A label as text.</param>
    /// <param name="contents">Of each content, its images: equal files are one content.</param>
    /// <param name="pairs">Contents that look the same; their indices are those of <paramref name="contents"/>.</param>
    public DuplicateGroups(
        IReadOnlyList<DatasetImage> images, Func<int, string> labels, IReadOnlyList<int[]> contents, IReadOnlyList<ImagePair> pairs)
    {
        (_images, _labels) = (images, labels);
        var sets = new ImageSets(contents.Count);
        foreach (var pair in pairs)
        {
            sets.Join(pair.First, pair.Second);
        }

        var similarity = pairs.GroupBy(pair => sets.Find(pair.First))
            .ToDictionary(set => set.Key, set => set.Min(pair => pair.Correlation));
        _groups =
        [
            .. contents.Where(same => same.Length > 1).Select(same => (true, 1f, same)),
            .. Enumerable.Range(0, contents.Count).GroupBy(sets.Find).Where(set => similarity.ContainsKey(set.Key))
                .Select(set => (false, similarity[set.Key], set.SelectMany(content => contents[content]).ToArray())),
        ];
    }

    /// <summary>Counts over all groups.</summary>
    public DuplicateCounts Count()
    {
        var (exact, near) = (_groups.Where(group => group.IsExact).ToArray(), _groups.Where(group => !group.IsExact).ToArray());
        return new(
            exact.Length, exact.Sum(group => group.Members.Length - 1), near.Length, near.Sum(group => group.Members.Length - 1),
            Leaked(Split.Validation), Leaked(Split.Test),
            Distinct(_groups.Where(group => Spans(group.Members, image => image.Label)).SelectMany(group => group.Members)));
    }

    /// <summary>The groups to list: those across splits or classes first, then by similarity.</summary>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<DuplicateGroup> List(int count) => [.. _groups
        .Select(group => new DuplicateGroup(
            group.IsExact, group.Similarity, [.. group.Members.Take(MaxImages).Select(Describe)], group.Members.Length,
            Spans(group.Members, image => (int)image.Split), Spans(group.Members, image => image.Label)))
        .OrderByDescending(group => group.AcrossClasses).ThenByDescending(group => group.AcrossSplits)
        .ThenByDescending(group => group.Similarity).ThenBy(group => group.Images[0].Id, StringComparer.Ordinal).Take(count)];

    /// <summary>An image as findings name it.</summary>
    public HealthImage Describe(int index)
    {
        var image = _images[index];
        return new(image.Id, image.Split, _labels(image.Label), image.Source);
    }

    /// <summary>Images of a split that are training images too.</summary>
    private int Leaked(Split split) => Distinct(_groups
        .Where(group => group.Members.Any(image => _images[image].Split == Split.Train))
        .SelectMany(group => group.Members).Where(image => _images[image].Split == split));

    private bool Spans(int[] members, Func<DatasetImage, int> part) => members.Select(image => part(_images[image])).Distinct().Count() > 1;

    /// <summary>Images in a group of equal files may be in one of similar images too.</summary>
    private static int Distinct(IEnumerable<int> images) => images.Distinct().Count();
}
