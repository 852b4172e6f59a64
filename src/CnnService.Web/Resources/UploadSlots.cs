namespace CnnService.Web.Resources;

/// <summary>How many large files may be uploaded at once.</summary>
internal sealed class UploadSlots() : SemaphoreSlim(Most, Most)
{
    private const int Most = 4;
}
