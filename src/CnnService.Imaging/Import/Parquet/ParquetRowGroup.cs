namespace CnnService.Imaging.Import.Parquet;

/// <summary>A group of rows.</summary>
internal sealed record ParquetRowGroup(long Rows, IReadOnlyList<ParquetChunk> Chunks);
