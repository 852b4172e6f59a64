namespace CnnService.Imaging.Import.Parquet;

/// <summary>A column of values.</summary>
/// <param name="Path">Names from the root, with dots between: <c>image.bytes</c>.</param>
/// <param name="Type">Physical type.</param>
/// <param name="Definitions">Definition level of a value that is there; lower levels mean null.</param>
/// <param name="IsRepeated">Whether a row may have several values.</param>
internal sealed record ParquetColumn(string Path, ParquetType Type, int Definitions, bool IsRepeated);
