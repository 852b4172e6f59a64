namespace CnnService.Client;

/// <summary>How much of an upload has been handed to the connection.</summary>
/// <param name="SentBytes">Bytes so far.</param>
/// <param name="TotalBytes">Bytes in all; null where the stream does not know its length.</param>
public readonly record struct UploadProgress(long SentBytes, long? TotalBytes);
