// The camera: what it sees is shown in a video element, and a shot is a JPEG of it. Nothing is sent anywhere from here.
export async function open(video) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
  video.srcObject = stream;
  await video.play();
}

export async function shoot(video) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d').drawImage(video, 0, 0);
  const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  return new Uint8Array(await blob.arrayBuffer());
}

export function close(video) {
  video.srcObject?.getTracks().forEach(track => track.stop());
  video.srcObject = null;
}
