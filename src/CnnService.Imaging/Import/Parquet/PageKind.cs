namespace CnnService.Imaging.Import.Parquet;

/// <summary>What a page holds, with the published numbers.</summary>
internal enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataVersion2 = 3,
}
