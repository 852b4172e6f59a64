namespace CnnService.Core.Datasets.Revisions;

/// <summary>A file that a further revision is a change of.</summary>
/// <param name="File">The file; it holds all images of its own revision.</param>
/// <param name="Rows">For each image of the further revision, in its order, its row in the file; -1: it is not there.</param>
internal sealed record RevisionBase(RevisionFile File, IReadOnlyList<int> Rows)
{
    /// <summary>The data set as of the file's own revision, but for its images.</summary>
    public DatasetManifest Dataset => File.Header.Dataset;
}
