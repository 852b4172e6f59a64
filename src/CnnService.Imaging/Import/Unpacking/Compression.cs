namespace CnnService.Imaging.Import.Unpacking;

/// <summary>How the bytes of a file are compressed as a whole.</summary>
internal enum Compression
{
    None,
    Gzip,
    Xz,
    Bzip2,
    Zstandard,
}
