namespace CnnService.Web.Artifacts.Uploads;

/// <summary>A file that arrives in pieces.</summary>
/// <param name="Id">Random, 32 hex digits; whoever knows it may use the upload.</param>
/// <param name="Name">Name of the file at its sender; null where it was not given.</param>
/// <param name="Size">Size of the whole file, bytes.</param>
/// <param name="Offset">Number of bytes that have arrived and are safe.</param>
/// <param name="CreatedAt">Time of its creation.</param>
/// <param name="UpdatedAt">Time of its last piece or use.</param>
internal sealed record Upload(string Id, string? Name, long Size, long Offset, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public bool IsComplete => Offset == Size;
}
