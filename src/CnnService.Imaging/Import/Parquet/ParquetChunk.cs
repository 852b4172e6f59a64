namespace CnnService.Imaging.Import.Parquet;

/// <summary>The part of a column in one row group.</summary>
/// <param name="Path">Path of the column.</param>
/// <param name="Codec">Compression of its pages.</param>
/// <param name="Values">Number of its values, nulls included.</param>
/// <param name="Offset">Where its first page begins in the file.</param>
/// <param name="Bytes">Size of its pages in the file.</param>
internal sealed record ParquetChunk(string Path, ParquetCodec Codec, long Values, long Offset, long Bytes);
